"""flow-1 and flow-2 of the domain model, played through the gateway's HTTP as their people would.

Each flow is a plain function of a City and a narrator, so that the demonstration prints it and a test checks it.
"""
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from client import wait_until  # noqa: E402

DAY_MS = 86_400_000


def now_ms():
    return int(time.time() * 1000)


def incident(client, code):
    return client.get("/v1/incidents/" + code)


def referred_case(client, receipt_code):
    """The mediation case that a referred matter became: same matter code, found by it."""
    def look():
        lines = client.get("/v1/mediation-cases", matter_code=receipt_code).get("line", [])
        return lines[0] if lines else None
    return wait_until("the committee hears of " + receipt_code, look)


def take_in(registrar, case_id, parties, facts, say):
    registrar.post("/v1/mediation-cases/%s:completeIntake" % case_id, {"party": parties, "facts": facts})
    say("调解受理员补全双方情况。", "The registrar completes who the parties are.")
    registrar.post("/v1/mediation-cases/%s:askConsent" % case_id, {"how": "上门当面询问"})
    return registrar.get("/v1/mediation-cases/" + case_id)["party"]


def begin(registrar, case, known):
    """Both sides consent and have their notice of rights; the committee accepts."""
    for party in known:
        if party.get("consent") != "AGREED_TO_MEDIATE":
            agrees = {"partyId": party["partyId"], "answer": "AGREED_TO_MEDIATE", "how": "当面同意"}
            if party.get("person", {}).get("isOrganisation"):
                agrees.update({"capacity": "SPECIAL_AGENT", "byName": "李经理"})
            registrar.post("/v1/mediation-cases/%s:recordConsent" % case, agrees)
    registrar.post("/v1/mediation-cases/%s:serveRightsNotice" % case, {
        "partyId": [p["partyId"] for p in known], "how": "当面送达并讲解"})
    registrar.post("/v1/mediation-cases/%s:accept" % case, {"jurisdictionConfirmed": True, "notAcceptedElsewhere": True})


def assign(city, committee, case):
    mediator = city.who("ROLE_MD", org=committee)
    city.who("ROLE_MC", org=committee).post("/v1/mediation-cases/%s:assign" % case, {
        "chairUserId": mediator.get("/v1/me")["userId"], "recusalChecked": True})


def neighbour_dispute(city, grid, committee, say, now_ms=now_ms):
    """flow-1: a quarrel between neighbours is settled in the village. `now_ms`: the clock of the processes, if it is another one."""
    village = grid[:12]
    worker = city.who("ROLE_GW", covers=grid)
    head = city.who("ROLE_GH", covers=village)
    registrar = city.who("ROLE_MR", org=committee)
    mediator = city.who("ROLE_MD", org=committee)
    parties = [{"person": {"name": "王秀兰", "phone": "13900020001", "side": "SIDE_A"}, "applicant": True},
               {"person": {"name": "张立国", "phone": "13900020002", "side": "SIDE_B"}}]

    receipt = worker.post("/v1/incidents", {
        "category": "0102", "areaCode": grid, "scale": "S2_2_TO_4",
        "text": "两家因院墙外排水沟的走向争吵，雨水流到了邻居门口。",
        "party": [p["person"] for p in parties]})
    code, matter = receipt["matterCode"], receipt["id"]
    say("网格员上报邻里纠纷，事项编码 %s。" % code, "The grid worker reports a quarrel between neighbours: %s." % code,
        incident(worker, code))

    head.post("/v1/incidents/%s:accept" % matter, {"complexity": "SIMPLE"})
    say("网格长受理。", "The grid head accepts it.", incident(head, code))
    head.post("/v1/incidents/%s:referToMediation" % matter, {
        "disputeType": "D02", "partyCount": 2, "consentKnown": True, "committeeOrg": committee,
        "facts": "双方都愿意坐下来谈排水沟怎么修。"})
    say("转村调委会调解；办理时限暂停。", "Referred to the village committee; the handling clock stands still.",
        incident(head, code))

    case = referred_case(registrar, code)["id"]
    known = take_in(registrar, case, parties, "院墙外排水沟走向争议，雨水漫到对方门口。", say)
    begin(registrar, case, known)
    say("双方同意调解，权利义务告知书已送达，调委会受理。",
        "Both sides consent, the notice of rights is served, the committee accepts.",
        registrar.get("/v1/mediation-cases/" + case))
    assign(city, committee, case)
    mediator.post("/v1/mediation-cases/%s:holdSession" % case, {"session": {
        "startedAtMs": mediator.get("/v1/mediation-cases/" + case)["acceptedAtMs"], "endedAtMs": now_ms(), "place": "村调解室", "mode": "ONSITE",
        "attendance": [{"partyId": p["partyId"], "present": True, "signedRecord": True} for p in known],
        "record": "双方说明经过，看了现场，同意把沟改到两家中间并各出一半工。", "result": "AGREEMENT_REACHED"}})
    say("调解员主持调解，达成一致。", "The mediator holds a session; they come to terms.")
    mediator.post("/v1/mediation-cases/%s:recordOral" % case, {
        "clause": [{"obligorPartyId": known[0]["partyId"], "obligeePartyId": known[1]["partyId"], "kind": "DO",
                    "content": "十日内共同把排水沟改到两家中线，各出一半工", "dueAtMs": now_ms() + 10 * DAY_MS,
                    "place": "两家院墙之间"}],
        "facts": "排水沟走向争议", "manner": "双方各出一半工，当面完成", "whyOral": "双方要求口头约定，内容简单，当场说定"})
    done = wait_until("the incident hears of the agreement",
                      lambda: (lambda v: v if v["status"] == "CLOSED" else None)(incident(head, code)))
    say("口头协议达成即生效；事项办结并化解，停留在村一级。",
        "The oral agreement binds at once; the matter is closed and resolved, at village level.", done)
    return {"code": code, "incident": done, "case": registrar.get("/v1/mediation-cases/" + case)}


def wage_dispute(city, grid, committee, department, say):
    """flow-2: twelve unpaid workers; village, township, county; mediation refused; the leader assigns; closed."""
    county = grid[:6]
    worker = city.who("ROLE_GW", covers=grid)
    dispatcher = city.who("ROLE_CD", covers=county)
    leader = city.who("ROLE_CL", covers=county)
    registrar = city.who("ROLE_MR", org=committee)
    handler = city.who("ROLE_DH", org=department)
    verifier = city.who("ROLE_VF", covers=county)
    people = [{"name": "赵铁柱", "phone": "13900020011", "side": "SIDE_A"},
              {"name": "某建筑劳务公司", "phone": "13900020012", "side": "SIDE_B", "isOrganisation": True}]

    receipt = worker.post("/v1/incidents", {
        "category": "0105", "areaCode": grid, "scale": "S4_10_TO_49", "urgency": "URGENT",
        "text": "工地停工，十二名工人两个月的工资没有发，正在商量怎么办。", "party": people})
    code, matter = receipt["matterCode"], receipt["id"]
    say("网格员上报：十二名工人被欠薪，事项编码 %s。" % code,
        "The grid worker reports: twelve workers unpaid, %s." % code, incident(worker, code))
    city.who("ROLE_GH", covers=grid[:12]).post("/v1/incidents/%s:accept" % matter, {"complexity": "COMPLEX"})
    say("网格长受理。", "The grid head accepts it.")
    at_county = wait_until("the ladder brings it to the county",
                           lambda: (lambda v: v if v.get("currentLevel") == 4 else None)(incident(dispatcher, code)))
    say("按升级规则自动到镇（5人以上）、到县（10人以上），每一级都说明了原因。",
        "By the ladder it climbs to the township (5 or more people) and the county (10 or more), each with its reason.",
        at_county)
    if at_county["status"] == "REPORTED":
        dispatcher.post("/v1/incidents/%s:accept" % matter, {"complexity": "COMPLEX"})
        say("县综治中心受理。", "The county centre accepts it.", incident(dispatcher, code))
    dispatcher.post("/v1/incidents/%s:referToMediation" % matter, {
        "disputeType": "D10", "partyCount": 13, "committeeOrg": committee, "facts": "工资支付争议，金额约十八万元。"})
    case = referred_case(registrar, code)["id"]
    parties = [{"person": people[0], "applicant": True}, {"person": people[1]}]
    known = take_in(registrar, case, parties, "拖欠工资，双方对结算金额没有分歧，对付款时间有分歧。", say)
    respondent = next(p for p in known if not p.get("applicant"))
    begin(registrar, case, known)
    assign(city, committee, case)
    mediator = city.who("ROLE_MD", org=committee)
    mediator.post("/v1/mediation-cases/%s:holdSession" % case, {"session": {
        "startedAtMs": mediator.get("/v1/mediation-cases/" + case)["acceptedAtMs"], "endedAtMs": now_ms(), "place": "行业调委会", "mode": "ONSITE",
        "attendance": [{"partyId": p["partyId"], "present": True, "signedRecord": True} for p in known],
        "record": "工人要求付清，公司称工程款未到账，表示不再调解。", "result": "NO_AGREEMENT"}})
    mediator.post("/v1/mediation-cases/%s:end" % case, {
        "reason": "E04_PARTY_REFUSES", "partyId": respondent["partyId"], "remedy": ["ARBITRATION", "JUDICIAL"],
        "whereToGo": "劳动人事争议仲裁委员会、人民法院", "noticeHow": "当面送达"})
    back = wait_until("the incident hears of the refusal",
                      lambda: (lambda v: v if v["status"] == "ACCEPTED" else None)(incident(dispatcher, code)))
    say("公司在调解会上拒绝继续调解，调解终止并告知其他途径；事项带着原因回到县中心，时限继续。",
        "The company refuses to go on: mediation ends, both are told where else to go; the matter returns to the county with "
        "the reason, the clock runs on.",
        back)

    item = wait_until("the leader's page shows it", lambda: next(
        (i for i in leader.every("/v1/oversight/review", "item", area_code=county, page_size=100)
         if i["matterCode"] == code), None))
    say("县领导看到它：停留%s，级别路径%s。" % (item.get("stuckReason", ""), item.get("levelPath", [])),
        "The county leader sees it, with the path it came.")
    leader.post("/v1/oversight/instructions", {
        "matterId": item["id"], "text": "请人社局牵头，一周内把工资发到工人手里，并说明原因。",
        "dueAtMs": now_ms() + 7 * DAY_MS, "addresseeOrg": [department]})
    leader.post("/v1/oversight/matters/%s:assignLead" % item["id"], {"toOrg": department})
    dispatched = wait_until("the incident follows the assignment", lambda: (
        lambda v: v if v["status"] == "DISPATCHED" else None)(incident(dispatcher, code)))
    say("县领导批示并指定县人社局牵头。", "The leader instructs, and assigns the labour department as lead.", dispatched)

    handler.post("/v1/incidents/%s:take" % matter, {})
    handler.post("/v1/incidents/%s:progress" % matter, {"text": "约谈公司负责人，核对考勤和工资表，总包同意先行垫付。"})
    handler.post("/v1/incidents/%s:complete" % matter, {
        "result": "工资十八万元已由总包垫付到账，工人逐人签字确认。", "resolved": "YES"})
    say("承办人接单、反馈、报完成。", "The handler takes it, reports progress and completion.", incident(handler, code))
    verifier.post("/v1/incidents/%s:verifyPass" % matter, {
        "record": "电话回访四名工人，均已收到。", "resolved": "YES"})
    done = incident(dispatcher, code)
    say("核查通过，结案：办结，并已化解，解决在县级。", "Verified and closed: procedure ended and resolved, at county level.",
        done)
    return {"code": code, "incident": done, "case": registrar.get("/v1/mediation-cases/" + case)}
