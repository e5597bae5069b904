"""A client's points at the desk: what she has, what they buy, points by hand."""
