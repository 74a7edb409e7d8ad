"""The errors that the stack shows to people."""


class StackError(Exception):
    """Something a person has to act on; its text says what to do next."""


class PartFailedError(StackError):
    """A part did not become ready, or died too often."""


class AlreadyRunningError(StackError):
    """Another `avaaz up` holds this AVAAZ_HOME."""
