"""会议 Meetings: from the notice to the last decision carried out.

meeting      会议     a title, a kind, a time, a place or a link, a chair, a recorder, an agenda, papers
attendance   参会     one person expected at one meeting: invited, answered, signed in at the door, or not
minutes      纪要     what was said to each item of the agenda, and the decisions; written by the recorder, approved by another person
decision     议定事项 one thing decided, with an owner and a deadline; in approved minutes it becomes a
task         (议定事项) that lies on its owner's to-do page until somebody else confirms that it is done

Whoever calls (secretary, office, commander) drafts and sends the notice. An invited person answers on one telephone screen: comes,
sends somebody, or cannot and says why. At the door a screen shows a code that changes; each signs in with their own telephone.
Who is invited sees the notice, the agenda and their own part; the minutes only when they are approved and, if internal, only those
who were there. Meetings that are known only from a report are put down afterwards, a total as a total: 20余次.
"""
