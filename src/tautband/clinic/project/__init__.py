"""The project room of the clinic: settings, doors (URLs), the design system and its gallery, error pages."""
