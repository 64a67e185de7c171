"""Names of the files and folders in a zoo entry."""

CARD = "README.md"
CHECKSUMS = "SHA256SUMS"
LITERT = "litert"
METRICS = "metrics.json"
PROSE = "notes.md"
PROSE_PICTURES = "notes"
