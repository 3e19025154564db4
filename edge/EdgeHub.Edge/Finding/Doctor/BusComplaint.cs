namespace EdgeHub.Edge.Finding.Doctor;

/// <summary>One thing that is wrong on a bus, or seems to be.</summary>
/// <param name="Kind">A word for programs, such as <c>duplicate-address</c>.</param>
/// <param name="Slave">Whose; null where it is the whole line's.</param>
/// <param name="Words">What it is.</param>
/// <param name="Evidence">What was seen that says so, with figures.</param>
/// <param name="Fix">What to do about it.</param>
public sealed record BusComplaint(string Kind, byte? Slave, string Words, string Evidence, string Fix);
