"""The demo accounts of the embedded stack. They are made, and shown, nowhere else."""

from api.identity.models import MemberRole
from api.identity.schemas import DemoAccount


def demo_accounts() -> list[DemoAccount]:
    """A learner, an instructor and an administrator, who is the operator too, with known passwords."""
    return [
        DemoAccount(role=MemberRole.LEARNER, email="learner@example.com", password="Speak-easy-1"),  # noqa: S106
        DemoAccount(role=MemberRole.INSTRUCTOR, email="instructor@example.com", password="Teach-well-1"),  # noqa: S106
        DemoAccount(role=MemberRole.ADMIN, email="admin@example.com", password="Manage-well-1"),  # noqa: S106
    ]
