from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class KernelConfig(AppConfig):
    name = "tongzhou.kernel"
    label = "kernel"
    verbose_name = _("内核")

    def ready(self) -> None:
        autodiscover_modules("module")
