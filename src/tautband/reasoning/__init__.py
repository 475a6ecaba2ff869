"""From findings to ranked sources, reasons, alerts and the next best test: a noisy-OR network built from the atlas."""
