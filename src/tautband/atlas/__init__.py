"""Facts only: one thing per YAML file, every fact with its source. No code lives here; only `knowledge` opens it."""
