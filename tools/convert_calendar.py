#!/usr/bin/env python3
"""Turns the schedule of the npm package chinese-days (MIT) into policy/calendar/calendar.textproto.

usage: tools/convert_calendar.py chinese-days.json REVISION > policy/calendar/calendar.textproto

The input is the package's dist/chinese-days.json: "holidays" and "workdays", each date -> "English,中文,days".
Run it when the State Council's General Office has announced the next year and the package has followed; compare
the new year with the notice itself before loading it. The horizon is the last day of the newest year in the file.
"""
import json
import sys

# The package shortens three names; these are the ones of 全国年节及纪念日放假办法.
FULL_NAMES = {"清明": "清明节", "端午": "端午节", "中秋": "中秋节"}

HEADER = """\
# proto-file: proto/policy/v1/policy.proto
# proto-message: policy.v1.Calendar
#
# Working calendar 工作日历 of the People's Republic of China, {first} to {last}: every day off by the yearly
# notices of the State Council's General Office (国务院办公厅关于部分节假日安排的通知), weekends inside a holiday
# included, and every make-up working day 调休上班日. Converted from the npm package chinese-days (MIT,
# LICENSE.chinese-days beside this file) by tools/convert_calendar.py. Days after the horizon are assumed from
# weekends and the fixed days, and every deadline that needs them is provisional 暂定 until the next year is loaded.
revision: {revision}
source: "chinese-days (MIT), 国务院办公厅历年节假日安排通知"
first_day: "{first}"
horizon: "{last}"

# Office hours of counters, in minutes of the day: 08:30-12:00, 13:30-17:30.
office_hours {{
  span {{ from_minute: 510 to_minute: 720 }}
  span {{ from_minute: 810 to_minute: 1050 }}
}}

# Days off by law whatever the schedule says (全国年节及纪念日放假办法 第二条), as far as they have a fixed date.
fixed {{ month: 1 day: 1 name_zh: "元旦" }}
fixed {{ month: 5 day: 1 name_zh: "劳动节" }}
fixed {{ month: 5 day: 2 name_zh: "劳动节" }}
fixed {{ month: 10 day: 1 name_zh: "国庆节" }}
fixed {{ month: 10 day: 2 name_zh: "国庆节" }}
fixed {{ month: 10 day: 3 name_zh: "国庆节" }}
"""


def main():
    if len(sys.argv) != 3 or not sys.argv[2].isdigit():
        sys.exit(__doc__)
    with open(sys.argv[1], encoding="utf-8") as file:
        data = json.load(file)
    years = sorted({day[:4] for day in data["holidays"]})
    print(HEADER.format(first=years[0] + "-01-01", last=years[-1] + "-12-31", revision=sys.argv[2]), end="")
    for year in years:
        print(f"\n# {year}")
        for day, text in sorted(data["holidays"].items()):
            if day.startswith(year):
                name = text.split(",")[1]
                print(f'off {{ date: "{day}" name_zh: "{FULL_NAMES.get(name, name)}" }}')
        for day in sorted(data["workdays"]):
            if day.startswith(year):
                print(f'work: "{day}"')


if __name__ == "__main__":
    main()
