"""The key with which everything private is stored: `BRIGADE_VAULT_KEY`, or a file that only its owner can read.

Several keys, one a line, are read for old data; the first one encrypts.
"""

from __future__ import annotations

import hmac
import os
from hashlib import sha256
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from platformdirs import user_data_path

VARIABLE = "BRIGADE_VAULT_KEY"


class KeyUnusable(ValueError):
    """A key that cannot be used, or that does not fit what is stored."""


def data_folder() -> Path:
    """Where receipts and vaults are kept: `BRIGADE_DATA_DIR`, or the user's data folder."""
    chosen = os.environ.get("BRIGADE_DATA_DIR")
    return Path(chosen) if chosen else user_data_path("brigade")


class Sealer:
    """Encrypts and decrypts, and names things without saying what they are.

    Args:
        keys: Fernet keys, the current one first.

    Raises:
        KeyUnusable: one of them is no Fernet key.
    """

    def __init__(self, keys: list[str]) -> None:
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError:
            raise KeyUnusable("not a Fernet key: 32 bytes in URL-safe base64 are needed") from None
        self._secret = sha256(b"names" + keys[-1].encode()).digest()

    def seal(self, text: str) -> bytes:
        """The text, encrypted and authenticated."""
        return self._fernet.encrypt(text.encode("utf-8", "surrogatepass"))

    def open(self, token: bytes) -> str:
        """The text that was sealed.

        Raises:
            KeyUnusable: it was sealed with another key, or has been changed.
        """
        try:
            return self._fernet.decrypt(token).decode("utf-8", "surrogatepass")
        except InvalidToken:
            raise KeyUnusable("what is stored was sealed with another key, or has been changed") from None

    def name(self, *parts: str) -> str:
        """A name that is the same for the same parts and tells nothing of them (HMAC-SHA-256)."""
        message = b"".join(sha256(part.encode("utf-8", "surrogatepass")).digest() for part in parts)
        return hmac.new(self._secret, message, sha256).hexdigest()[:32]


def load_sealer(folder: Path) -> Sealer:
    """The key from the environment, else from this folder, where one is made on first use.

    Raises:
        KeyUnusable: the key cannot be read, made or used.
    """
    given = os.environ.get(VARIABLE)
    if given:
        return Sealer(given.split())
    file = folder / "vault.key"
    try:
        if not file.exists():
            folder.mkdir(parents=True, exist_ok=True)
            _make(file)
        return Sealer(file.read_text(encoding="ascii").split())
    except (OSError, UnicodeDecodeError, IndexError) as error:
        raise KeyUnusable(
            f"the key file {file} cannot be used: {getattr(error, 'strerror', None) or 'not text'}"
        ) from None


def _make(file: Path) -> None:
    """Make the key file whole or not at all, readable by its owner only, whoever else is making it at the time."""
    scratch = file.with_name(f".vault.key.{os.getpid()}")
    handle = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(Fernet.generate_key() + b"\n")
    try:
        os.link(scratch, file)
    except FileExistsError:
        pass
    finally:
        scratch.unlink()
