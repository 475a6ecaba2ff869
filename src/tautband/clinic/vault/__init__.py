"""The vault: a record whose whole file is encrypted. Lowest room, no tables; only its `backend` knows Django.

A closed record is a SQLCipher file: every page, the write-ahead log and the journal are AES-256 with a check of their
own. Its first 16 bytes are the salt; the key is made from salt and passphrase, so nothing else has to be kept with it.
"""


class VaultNotOpen(RuntimeError):
    """A closed record cannot be opened, or a record cannot be turned; the message says why and what to do."""
