from tests.errands.models import Errand
from tongzhou.kernel.desk.forms import RecordForm


class ErrandForm(RecordForm):
    class Meta:
        model = Errand
        fields = ["unit", "what", "phone", "weight"]
