"""The house with this room in it: `pytest.mark.urls("tests.errands.urls")`."""

from django.urls import include, path

from tests.errands.views import errands
from tongzhou.kernel.desk.urls import of_desk
from tongzhou.web import urls as house

handler400, handler403, handler404, handler500 = house.handler400, house.handler403, house.handler404, house.handler500
urlpatterns = [path("<slug:response>/errands/", include(of_desk(errands))), *house.urlpatterns]
