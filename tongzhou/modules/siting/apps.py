from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SitingConfig(AppConfig):
    name = "tongzhou.modules.siting"
    label = "siting"
    verbose_name = _("布点")
