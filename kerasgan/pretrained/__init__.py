"""Networks that others trained, with their weights: what pictures are compared and judged by."""
