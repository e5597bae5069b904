"""The import as a page of the owner: upload, look through, take in."""
