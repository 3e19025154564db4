using System.Globalization;
using System.Text;

namespace EdgeHub.Edge.Finding.Doctor;

/// <summary>What <c>edgehub doctor bus</c> tells of a port.</summary>
/// <param name="Settings">At which settings slaves answered; null where none did, or nobody was asked.</param>
public sealed record BusReport(string Port, string? Settings, bool WasPassive, IReadOnlyList<BusComplaint> Complaints, IReadOnlyList<SlaveEvidence> Slaves)
{
    public string Text()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Port}: {(Settings is null ? "" : $"{Settings}, ")}{(Complaints.Count == 0 ? "nothing is wrong that can be seen from here." : Complaints.Count == 1 ? "one complaint." : $"{Complaints.Count} complaints.")}\n");
        foreach (var slave in Slaves.Where(slave => slave.IsHeard))
            text.Append(CultureInfo.InvariantCulture, $"  slave {slave.Slave}: {slave.Checked} of {slave.Asked} answers check{(slave.IsExpected ? "" : ", not configured")}\n");
        foreach (var one in Complaints)
            text.Append(CultureInfo.InvariantCulture, $"\n{one.Words}.\n  seen  {one.Evidence}\n  do    {one.Fix}\n");
        return text.ToString();
    }
}
