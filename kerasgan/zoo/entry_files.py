"""Names of the files and folders in a zoo entry."""

CARD = "README.md"
CHECKSUMS = "SHA256SUMS"
LITERT = "litert"
METRICS = "metrics.json"
PROSE = "notes.md"
PROSE_PICTURES = "notes"

# What a model is loaded from. Whoever has an entry may edit its documents and add pictures to it.
LOADED = ("recipe.toml", METRICS, "saved_model.pb", "assets.extra", "variables")
