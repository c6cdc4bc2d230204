from tongzhou.modules.volunteering.models.activity import Activity, Post
from tongzhou.modules.volunteering.models.signup import Certificate, Signup
from tongzhou.modules.volunteering.models.team import Team, Volunteer

__all__ = ["Activity", "Certificate", "Post", "Signup", "Team", "Volunteer"]
