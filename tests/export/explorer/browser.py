"""A page in a browser, with what it asked for and what it complained of."""

import base64
import io

import numpy as np
from PIL import Image

_WAIT = 30_000
# Small, so that maps are drawn at once.
_VIEWPORT = {"width": 500, "height": 400}


class Browsing:
    """A page of its own in a browser."""

    def __init__(self, browser, **options):
        options = {"viewport": _VIEWPORT, **options}
        self.context = browser.new_context(accept_downloads=True, **options)
        self.page = self.context.new_page()
        self.page.set_default_timeout(_WAIT)
        self.requests, self.complaints = [], []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._listen)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.context.close()

    def open(self, address):
        self.page.goto(address)
        self.page.evaluate("explorer.started")

    def go(self, fragment):
        """Shows what a fragment says, from anything that was shown before."""
        self.page.evaluate("localStorage.clear()")
        self.page.evaluate("fragment => explorer.go(fragment)", fragment)
        self.page.evaluate("explorer.favourites.load(); explorer.favouritesView.clear()")
        self.page.evaluate("explorer.showView('pictures')")
        self.drawn()

    def drawn(self):
        """Waits until the whole gallery is drawn."""
        self.page.wait_for_selector("#grid :is(.waiting, .empty)", state="detached")

    def map_drawn(self):
        """Waits until the map is drawn in full."""
        self.page.evaluate(
            """new Promise(done => {
              const map = document.getElementById('map');
              map.addEventListener('drawn', done, {once: true});
              explorer.studio.map.look(explorer.studio.picture.view);
            })"""
        )

    def gallery(self, channels):
        """The pictures of the gallery, uint8 (n, height, width, channels)."""
        canvases = self.page.query_selector_all("#grid canvas")
        return np.stack([self.canvas(each, channels) for each in canvases])

    def canvas(self, canvas, channels=1):
        if isinstance(canvas, str):
            canvas = self.page.query_selector(canvas)
        # Without loss, because nothing on the page's canvases is transparent.
        address = canvas.evaluate("canvas => canvas.toDataURL()")
        file = io.BytesIO(base64.b64decode(address.partition(",")[2]))
        return np.asarray(Image.open(file).convert("RGBA"))[..., :channels]

    def latent(self):
        """The latent of the picture that is looked at."""
        return np.array(self.page.evaluate("[...explorer.studio.picture.latent]"), np.float32)

    def copied(self, button):
        """What a button copies."""
        self.page.click(button)
        self.page.wait_for_selector("#toast code")
        return self.page.evaluate("navigator.clipboard.readText()")

    def saved(self, button):
        """The bytes of the file that a button saves, and its name."""
        with self.page.expect_download() as download:
            self.page.click(button)
        path = download.value.path()
        return path.read_bytes(), download.value.suggested_filename

    def slide(self, name, value):
        """Moves the slider with this label."""
        slider = self.page.get_by_label(name, exact=True)
        slider.evaluate("(slider, value) => { slider.value = value; }", value)
        slider.dispatch_event("input")

    def drop(self, content, name):
        """Drops a file onto the page."""
        self.page.evaluate(
            """([content, name]) => {
              const files = new DataTransfer();
              files.items.add(new File([Uint8Array.from(content)], name, {type: 'image/png'}));
              document.body.dispatchEvent(
                new DragEvent('drop', {dataTransfer: files, bubbles: true, cancelable: true}));
            }""",
            [list(content), name],
        )

    def _listen(self, message):
        # LiteRT reports what is well as errors too.
        if message.type == "error" and not message.text.startswith(("INFO", "WARNING")):
            self.complaints.append(message.text)


def png(image):
    """A PNG file of a grey or coloured uint8 image, without texts."""
    file = io.BytesIO()
    Image.fromarray(image.squeeze()).save(file, format="PNG")
    return file.getvalue()


def grey_levels_apart(drawn, expected):
    """The largest difference of uint8 pictures to float ones in [0, 1], in grey levels of 255."""
    assert drawn.shape == expected.shape
    return np.abs(drawn - 255.0 * expected).max()
