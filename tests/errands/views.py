from tests.errands.forms import ErrandForm
from tests.errands.models import Errand
from tongzhou.kernel import sheets
from tongzhou.kernel.desk import Column, Desk

errands = Desk(
    Errand,
    title="跑腿",
    one="跑腿",
    columns=[
        Column("what", "事项", sort="what", kind="link"),
        Column("when", "日期", sort="happened_on", kind="when"),
        Column("unit", "单位", sort="unit__path"),
        Column("weight", "公斤", sort="weight", kind="number"),
        Column("state", "状态", kind="state", value="state_label"),
    ],
    search=["what"],
    filters=["runner"],
    form=ErrandForm,
    imports=[
        sheets.Column("unit", "单位", required=True),
        sheets.Column("what", "事项", required=True),
        sheets.Column("when", "日期", kind="date", required=True),
        sheets.Column("weight", "公斤", kind="integer"),
    ],
)
