"""疫苗接种 Vaccination: stations with desks, staff and refrigerators; vaccine by batch; sessions counted by the half hour; who still waits.

station     接种点   where people are vaccinated; its desks change by a decision with a reason only
fridge      冰箱     where vaccine is kept; its readings are never changed, a wrong one is set right by another
excursion   超温事件 from the first reading out of range to the first one back in it, and what was done to the vaccine
batch       批次     vaccine of one delivery: received = in stock + used + wasted + sent on + returned, always
session     场次     one day's work at a station: people and doses as counts, tapped on a telephone
demand      需求     how many want which dose, by area and age group; waiting = registered - served
desk change 增减接种台 from n desks to m, why, who decided, and what it did to the wait

There is no register of persons here, and there must not be a second one: who was vaccinated with what is recorded in the province's
immunisation information system (疫苗管理法 第四十六条). The commander plans stations and desks; the head of the station does the rest.
"""
