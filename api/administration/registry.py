"""Every setting that is kept in the database: what it is for, what it is where nobody changed it.

Settings of a process (addresses, secrets, limits of the machine) are environment variables; what stands here
is decided by people who run the installation or an organisation, while it runs.
"""

from dataclasses import dataclass
from enum import StrEnum

from api.errors import InvalidError

Value = bool | int | None


class SettingKind(StrEnum):
    """What a setting's value is."""

    SWITCH = "switch"
    NUMBER = "number"


class SettingKey(StrEnum):
    """Every setting."""

    SIGN_UP_OPEN = "sign_up_open"
    RECORDINGS = "recordings"
    LISTENING_IN = "listening_in"
    API_KEYS = "api_keys"
    MAXIMUM_CALLS = "maximum_calls"


@dataclass(frozen=True)
class Definition:
    """One setting.

    Where it may be set for an organisation, the stricter of the two counts: a switch is on where both are on,
    a number is the lower one.
    """

    key: SettingKey
    kind: SettingKind
    default: Value
    description: str
    per_organisation: bool = True

    def checked(self, value: Value) -> Value:
        """The value, where it is one of this setting.

        Raises:
            InvalidError: It is of another kind, or out of range (`setting_invalid`).
        """
        if self.kind is SettingKind.SWITCH and isinstance(value, bool):
            return value
        if self.kind is SettingKind.NUMBER and type(value) is int and 0 <= value <= MOST:
            return value
        raise InvalidError("This is no value of this setting.", code="setting_invalid")

    def stricter(self, one: Value, other: Value) -> Value:
        """The one that allows less; None allows whatever the other does."""
        if one is None or other is None:
            return other if one is None else one
        if self.kind is SettingKind.SWITCH:
            return bool(one and other)
        return min(one, other)


MOST = 100_000

REGISTRY: dict[SettingKey, Definition] = {
    one.key: one
    for one in (
        Definition(
            SettingKey.SIGN_UP_OPEN,
            SettingKind.SWITCH,
            default=True,
            description="Strangers may make an account. Closed, people come in by invitation.",
            per_organisation=False,
        ),
        Definition(
            SettingKey.RECORDINGS,
            SettingKind.SWITCH,
            default=True,
            description="Calls are recorded where the learner agreed to it. Recordings that exist stay.",
        ),
        Definition(
            SettingKey.LISTENING_IN,
            SettingKind.SWITCH,
            default=True,
            description="Instructors may listen in to a running call of a learner who agreed to it.",
        ),
        Definition(
            SettingKey.API_KEYS,
            SettingKind.SWITCH,
            default=True,
            description="People may make API keys. Those that exist go on working.",
        ),
        Definition(
            SettingKey.MAXIMUM_CALLS,
            SettingKind.NUMBER,
            default=None,
            description="Calls that may be open at once. Not set: MAX_CALLS, what the server was set up for.",
        ),
    )
}
