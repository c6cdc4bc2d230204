"""志愿服务 Volunteering: from the appeal for hands to a certificate that a stranger can check.

team          志愿服务队  the house's own or a partner's
volunteer     志愿者      one member with skills and expertise, as they say themselves; whom to ask when somebody is looked for
activity      志愿服务活动 a time, a place, posts with numbers; its risks, insurance and training are told before anyone signs up
post          志愿岗位    one kind of work at an activity, with so many places and perhaps a skill
sign-up       报名        one person at one activity: a place or a number on the waiting list, checked in and out, hours
certificate   志愿服务记录证明  free, on request, with a code; says what was recorded when it was issued

Nobody is assigned: a member signs up and leaves again without giving a reason; for someone who cannot, an office puts down in what
words they offered. At the place a screen shows a code that changes; each checks in and out with their own telephone. Hours count once
another person has confirmed them, and the volunteer may ask for a correction (《志愿服务条例》: records truthful, complete, in time, free;
who organises records, who records certifies).
"""
