"""The atlas on the screen: search, browse, a page for each thing, pictures, coverage. Reads, writes nothing."""
