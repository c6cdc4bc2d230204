from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TestingConfig(AppConfig):
    name = "tongzhou.modules.testing"
    label = "testing"
    verbose_name = _("核酸检测")
