"""督导检查 Inspections: key places are visited in rounds; what is wrong there is put right, and somebody else looks whether it is.

place      场所   a pharmacy, a health centre, a supermarket, a restaurant: type, business address, point on the map, street
round      轮次   announced or unannounced; areas, types of places, inspectors by area, the checklist's edition frozen when it begins
stop       站点   one place that a round has to visit; what has no visit at the end is what nobody visited
visit      检查   one inspector at one place: each item of the checklist answered, photographs, the post of whoever was met
finding    问题   what is wrong: put right on the spot, or a notice with a deadline → rectified with evidence → rechecked → closed

An inspector walks a round on a phone, also where there is no network: drafts stay on the device and are confirmed by the
server one by one. The place's owner and the street see a finding once its notice is out. Whoever rectified does not recheck.

An unannounced round is told to nobody on the inspected side before it is done. That is held by one thing: its records stand at
the inspecting unit, so whoever reaches only the inspected street does not reach them; `concerns` adds what was issued or is over.

Of a pharmacy's register of monitored drugs only whether it is kept is recorded here, never who bought what.
"""
