"""Tables that go out and come in row by row, the same way: what the contract's files have no place for."""
