using System.Globalization;

namespace EdgeHub.Edge.Finding.Doctor;

/// <summary>From what was seen on a bus to what is wrong with it. Pure.</summary>
public static class BusDiagnosis
{
    /// <summary>Of ten answers so many spoiled: fewer is chance, such as a radio beside the wire.</summary>
    const double OftenSpoiled = 0.1;

    /// <summary>Of ten answers so many late: fewer may be this box's own doing.</summary>
    const double OftenLate = 0.2;

    /// <summary>Of an address's answers so many spoiled: two talk, for one alone would get through more often.</summary>
    const double NearlyAlwaysSpoiled = 0.7;

    public static IReadOnlyList<BusComplaint> Of(BusEvidence seen)
    {
        ArgumentNullException.ThrowIfNull(seen);
        List<BusComplaint> complaints = [.. Line(seen), .. seen.Slaves.SelectMany(slave => Slave(slave, seen))];
        // The same sign at several addresses is the wire's, not theirs.
        var spoiled = complaints.Where(one => one.Kind == "sometimes-spoiled").ToList();
        if (spoiled.Count < 2)
            return complaints;
        complaints.RemoveAll(spoiled.Contains);
        return [new("no-termination", null, "Several slaves get through only at times: so does a line without termination or bias behave, or one with noise", string.Join("; ", spoiled.Select(one => $"slave {one.Slave}: {one.Evidence}")), "put 120 ohms across A and B at both ends and nowhere else, keep stubs short, let the shield touch earth once"), .. complaints];
    }

    static IEnumerable<BusComplaint> Line(BusEvidence seen)
    {
        var listened = string.Create(CultureInfo.InvariantCulture, $"{seen.Unasked} bytes in {seen.ListenedSeconds:0.#} s without a question of ours");
        if (seen.MasterQuestions.Count > 0)
        {
            yield return new("another-master", null, "Another master asks on this line, so nothing was sent", $"{seen.MasterQuestions.Values.Sum(of => of.Asked)} whole requests, to slaves {string.Join(", ", seen.MasterQuestions.Keys)}", "a bus has one master: take the other off the line, or leave this line to it");
            foreach (var (slave, (asked, answered)) in seen.MasterQuestions)
                if (answered == 0)
                    yield return new("dead-slave", slave, $"Slave {slave} does not answer the other master", $"asked {asked} times, answered never", "check its power, its address and its two wires");
        }
        else if (seen.Talker is { } talker)
        {
            yield return new("talker", null, $"A {talker} talks by itself on this line: it is no bus", listened, $"give it a port of its own with the driver {talker}");
        }
        else if (seen.Unasked > 0 && seen.Zeros == seen.Unasked)
        {
            yield return new("wires-swapped", null, "The line rests the wrong way round: A and B are swapped, or its bias is missing", $"{listened}, all of them 00", "swap A and B at the adapter; where that does not help, bias the line (A up, B down, 680 ohms)");
        }
        else if (seen.Unasked > 0)
        {
            yield return new("unasked", null, "Somebody talks without being asked, or the open line picks up noise: a babbling device, missing bias or termination", listened, "unplug one device after the other until it stops; it was the last; with all unplugged, bias and terminate the line");
        }

        if (seen.Slaves.Count == 0)
            yield break;
        if (seen.Slaves.Any(slave => slave.Echoed > 0))
            yield return new("echo", null, "The adapter hears what it sends itself", $"{seen.Slaves.Sum(slave => slave.Echoed)} of {seen.Slaves.Sum(slave => slave.Asked)} questions came back as they were", "it harms no reading; most adapters have a switch or a bridge for it (echo off, RE tied to DE)");
        var tried = $"addresses {seen.Slaves.Min(slave => slave.Slave)} to {seen.Slaves.Max(slave => slave.Slave)} at {string.Join("; ", seen.Tried)}";
        if (seen.Settings is { } settings && seen.Configured is { } configured && settings != configured)
            yield return new("wrong-speed", null, $"The bus is at {settings}, the configuration says {configured}", $"checked answers at {settings} and none at {configured}", "write baud and parity into the port, as in serial:/dev/…?baud=9600&parity=none");
        else if (seen.Settings is null && !seen.Slaves.Any(slave => slave.IsHeard))
            yield return new("silent-bus", null, "Nobody answers at all: A and B are swapped, the bus has no power, or its wire is broken", $"silence from {tried}", "swap A and B once and run this again (it harms nothing), then measure the supply at the last device");
        else if (seen.Settings is null && seen.Slaves.Any(slave => slave.Zeros > 0) && seen.Slaves.All(slave => slave.Zeros == slave.Garbled))
            yield return new("wires-swapped", null, "After each question the line falls back the wrong way round: A and B are swapped at the adapter", $"{seen.Slaves.Sum(slave => slave.Zeros)} answers of nothing but 00 from {tried}", "swap A and B at the adapter and run this again");
        else if (seen.Settings is null)
            yield return new("nothing-checks", null, "There are answers and none checks: another speed or parity than those tried, A and B swapped at the slaves, or two slaves with one address", $"{seen.Slaves.Sum(slave => slave.Garbled)} answers without a right CRC from {tried}", "read speed and parity off the device's menu or plate, try it alone with --baud");
    }

    static IEnumerable<BusComplaint> Slave(SlaveEvidence slave, BusEvidence seen)
    {
        var counts = $"asked {slave.Asked} times: {slave.Checked} checked answers, {slave.Garbled} spoiled, {slave.Silent} times silence{(slave.Sample.Length > 0 ? $", last spoiled {slave.Sample}" : "")}";
        var spoiled = slave.Asked == 0 ? 0 : (double)slave.Garbled / slave.Asked;
        // After a silence the second one may be the late answer to the question before.
        if (slave.Twice > slave.Silent)
            yield return new("duplicate-address", slave.Slave, $"Two slaves have the address {slave.Slave}", $"{slave.Twice} of {slave.Asked} questions were answered twice", "unplug one of the two and give it an address of its own");
        else if (slave.Elsewhere is { } elsewhere)
            yield return new("wrong-speed", slave.Slave, $"Slave {slave.Slave} is set to {elsewhere}, the bus to {seen.Settings}", counts, "set it to the bus's speed and parity in its menu: a bus has one");
        else if (spoiled >= NearlyAlwaysSpoiled && slave.GarbledOwn * 2 >= slave.Garbled && seen.Settings is not null)
            yield return new("duplicate-address", slave.Slave, $"Two slaves seem to have the address {slave.Slave}: their answers run into each other", $"{counts}; others on this bus are clear", "unplug one of the two and give it an address of its own");
        else if (spoiled >= NearlyAlwaysSpoiled && seen.Settings is not null)
            yield return new("wrong-speed", slave.Slave, $"Slave {slave.Slave} answers and does not check: another speed or parity than the bus, or a damaged driver", counts, "read its speed and parity off its menu, or try it alone with edgehub scan modbus");
        else if (spoiled >= OftenSpoiled && slave.Checked > 0)
            yield return new("sometimes-spoiled", slave.Slave, $"Slave {slave.Slave} gets through only at times: a loose wire, a long stub, or missing termination", counts, "fasten its wires; put 120 ohms across A and B at both ends of the line");

        if (slave.Foreign > 0)
            yield return new("foreign-answer", slave.Slave, $"Another slave answers when {slave.Slave} is asked", $"{slave.Foreign} of {slave.Asked} answers check and bear another address, the last {slave.AnsweredBy}", "a gateway or a repeater is between, or the device is faulty: try it alone");
        if (slave.Late > 0 && slave.Late >= slave.Asked * OftenLate)
            yield return new("slow-slave", slave.Slave, $"Slave {slave.Slave} answers late", $"{slave.Late} of {slave.Asked} answers came after the time for one", "raise modbus.replyTimeout");
        if (slave is { IsExpected: true, IsHeard: false, Asked: > 0, Elsewhere: null } && seen.Slaves.Any(other => other.IsHeard))
            yield return new("dead-slave", slave.Slave, $"Slave {slave.Slave} is dead", $"{counts}; others on this bus answer", "check its power, its address and its two wires");
    }
}
