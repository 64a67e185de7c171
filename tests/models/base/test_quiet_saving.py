import logging

from kerasgan.models.base.quiet_saving import quiet_saving


def test_tensorflow_does_not_say_where_a_model_was_saved_but_still_warns(tmp_path, caplog):
    import tensorflow as tf

    logger = logging.getLogger("tensorflow")
    level = logger.level
    logger.addHandler(caplog.handler)
    try:
        with quiet_saving():
            tf.saved_model.save(tf.Module(), str(tmp_path))
            logger.warning("a warning")
    finally:
        logger.removeHandler(caplog.handler)
    assert {record.message for record in caplog.records} == {"a warning"}
    assert logger.level == level
