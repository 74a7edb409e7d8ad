"""Settings of backup and restore."""

from pathlib import Path

from pydantic import ValidationError
from pydantic_settings import SettingsConfigDict

from infra.configuration import FileSettings, SecretFileError
from infra.stack.errors import StackError


class BackupSettings(FileSettings):
    """Keys of the archive, in the form of age (age-encryption.org): made by `age-keygen`."""

    model_config = SettingsConfigDict(env_file=None, extra="ignore", env_ignore_empty=True)

    backup_recipient: str | None = None
    """Public key (`age1...`); archives are encrypted to it. The server needs no more than this."""
    backup_identity: str | None = None
    """Secret key (`AGE-SECRET-KEY-1...`), or all that `age-keygen` writes; needed only to restore what is
    encrypted."""
    objects_dir: Path | None = None
    """Folder of stored objects; `AVAAZ_HOME/objects` when not given."""


def load_backup_settings(env_file: Path | None) -> BackupSettings:
    """Settings from the environment and the environment file.

    Raises:
        StackError: a value is not valid; names the setting.
    """
    try:
        return BackupSettings(_env_file=env_file)
    except SecretFileError as error:
        raise StackError(str(error)) from error
    except ValidationError as error:
        first = error.errors()[0]
        raise StackError(f"{str(first['loc'][0]).upper()}: {first['msg']}") from error
