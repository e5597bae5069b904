"""The demo's mailbox: what clients would have got, for a person to read."""
