"""Who is logged in, read with the branch she works in: every page asks for both."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.backends import ModelBackend

from crm.team.models import User


class WithBranch:
    """Reads the login of a session and its branch in one query."""

    def get_user(self, user_id: Any) -> User | None:
        return User.objects.select_related("branch").filter(pk=user_id, is_active=True).first()


class NameBackend(WithBranch, ModelBackend):
    """By user name."""


class MailBackend(WithBranch, AuthenticationBackend):
    """By e-mail as well, as the login page does."""
