import kerasgan.wikiart
from tests.wikiart.sources import write_dump

WITHOUT_SCRAPY = """
import sys
import kerasgan
from kerasgan.wikiart.scraper.report import Report
from kerasgan.errors import UserError
kerasgan.wikiart.prepare(sys.argv[1], sys.argv[2], size=8, test_fraction=0, workers=1)
images = kerasgan.data.load_images("wikiart", path=sys.argv[2], image_size=8)
assert images.images.shape == (3, 8, 8, 3)
try:
    kerasgan.wikiart.scrape("out", genres=["marina"])
except UserError as error:
    print(error)
"""


def test_preparing_and_reading_paintings_need_no_extra_and_scraping_names_it(
    fresh_process, cache_folder, tmp_path
):
    names = [f"Pop_Art/artist_work-{number}.jpg" for number in range(3)]
    source = write_dump(tmp_path / "in", dict.fromkeys(names, 4))
    extras = ["scrapy", "twisted", "imagehash", "scipy.fftpack"]
    done = fresh_process(WITHOUT_SCRAPY, source, tmp_path / "out", without=extras)
    assert done.returncode == 0, done.stderr
    assert "pip install 'kerasgan[wikiart]'" in done.stdout


def test_every_public_name_is_reached():
    for name in kerasgan.wikiart.__all__:
        assert getattr(kerasgan.wikiart, name) is not None
