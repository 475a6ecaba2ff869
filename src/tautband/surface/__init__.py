"""The skin as a mesh: fields, zones, landmarks, charts. Versioned (`body-1`); knows no anatomy beyond place."""
