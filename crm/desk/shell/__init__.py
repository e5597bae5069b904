"""What surrounds every page: the salon's colour, the manifest, the worker that keeps Today without a network."""
