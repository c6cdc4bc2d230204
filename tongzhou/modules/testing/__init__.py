"""核酸检测 Testing: a district called to be swabbed in a few hours, and every swab accounted for.

campaign   一轮检测   an area, a window, who is called, how many swabs go into one tube in which zone
point      采样点     where people queue; its tables; opened and closed by its chief
device     终端       a telephone enrolled at a point's table by scanning the point's code; counts its facts: 1, 2, 3, …
check-in   采样登记   what a device says happened: a swab into a tube, a correction, a tube closed. Never changed, never removed
tube       采样管     as its barcode says; how many swabs it holds follows from the check-ins
conflict   待核记录   what happened but does not fit: sampled before, a tube of another table, the same number with other content
box        转运箱     tubes under seal; tubes in the system against tubes in hand, every difference explained
pool       异常管     a tube that is not negative: whose swabs it holds, who was told, who is resampled, what came of it

Every way in goes through one function, `actions.ingest`. It answers item by item, after the disk has it. A check-in is known by
(device, seq), made on the device, so sending it again is harmless. Who was swabbed is kept as a keyed index; name and number
lie sealed in the register of residents, which can be erased while the account of swabs stays. Residents get their codes and read their
results on their own telephones, without signing in; results are signed files that any cache may give out.

The command post plans, watches the board, works through conflicts and closes the account. A point's chief opens the point and
enrols its devices. A laboratory receives boxes and hands results in, tube by tube; it sees nothing of persons.
"""
