import tensorflow as tf

from kerasgan.models import WGAN, WGANGP, WassersteinACGAN
from tests.models.games import data
from tests.models.test_every_objective import over


def ancestors(operation):
    """All that has to run before an operation.

    Graph optimizers take an IdentityN apart, so each of its outputs has one input alone.
    """
    found, pending = set(), [operation]
    while pending:
        current = pending.pop()
        inputs = [_through_identity(each) for each in current.inputs]
        for other in [*(each.op for each in inputs), *current.control_inputs]:
            if other not in found:
                found.add(other)
                pending.append(other)
    return found


def _through_identity(tensor):
    while tensor.op.type == "IdentityN":
        tensor = tensor.op.inputs[tensor.value_index]
    return tensor


def updates_of(graph, weight):
    """The operations that subtract from a weight."""
    handles = [inner for outer, inner in graph.captures if outer is weight.value.handle]
    return [
        operation
        for operation in graph.get_operations()
        if operation.type.startswith("AssignSub")
        and any(operation.inputs[0] is handle for handle in handles)
    ]


@over(WGAN, WGANGP, WassersteinACGAN)
def test_no_weight_of_the_critic_moves_before_the_gradients_of_all_are_there(build, objective):
    model = build(objective)
    graph = (
        tf.function(model.train_step, autograph=False)
        .get_concrete_function(data(model, 0, 1))
        .graph
    )
    heads = [layer.kernel for layer in model.critic.layers if hasattr(layer, "kernel")][1:]
    assert len(heads) == (3 if objective.takes_classes else 1)
    for weight in heads:
        updates = updates_of(graph, weight)
        assert updates
        for update in updates:
            kinds = {operation.type for operation in ancestors(update)}
            assert "Conv2DBackpropFilter" in kinds, weight.path
