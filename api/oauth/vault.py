"""Encryption of what providers hand out (Fernet: AES-CBC with HMAC), with keys derived from SECRET_KEY."""

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, MultiFernet

from api.settings import Settings
from api.signing import derived_keys

PURPOSE = "provider-tokens"


class Vault:
    """Encrypts with the present secret, and decrypts with the previous one too."""

    def __init__(self, settings: Settings) -> None:
        keys = derived_keys(settings, PURPOSE)
        self._fernet = MultiFernet([Fernet(urlsafe_b64encode(key.secret)) for key in keys])

    def encrypted(self, text: str) -> bytes:
        """Encrypt a token."""
        return self._fernet.encrypt(text.encode())

    def decrypted(self, kept: bytes) -> str:
        """Decrypt a token.

        Raises:
            cryptography.fernet.InvalidToken: It was encrypted with a secret that is neither of the two.
        """
        return self._fernet.decrypt(kept).decode()

    def renewed(self, kept: bytes) -> bytes:
        """The same token, encrypted with the present secret.

        Raises:
            cryptography.fernet.InvalidToken: As above.
        """
        return self._fernet.rotate(kept)
