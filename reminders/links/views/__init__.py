"""The pages behind the links: each checks its key, shows on GET and acts on POST."""
