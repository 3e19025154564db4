namespace EdgeHub.Edge.Finding.Doctor;

/// <summary>All that an examination saw of a line.</summary>
/// <param name="ListenedSeconds">How long it listened before it asked.</param>
/// <param name="Unasked">Bytes that came in that time.</param>
/// <param name="Zeros">Of these, bytes of only zeros: a line at rest the wrong way round reads so.</param>
/// <param name="MasterQuestions">Whole requests of somebody else among them, with the slaves that did not answer.</param>
/// <param name="Talker">Who talks by itself; null where nobody is recognised.</param>
/// <param name="Configured">How the configuration sets the line; null where it does not name it.</param>
/// <param name="Settings">At which settings slaves answered; null where none did, or nobody was asked.</param>
/// <param name="Tried">The settings that were tried.</param>
public sealed record BusEvidence(
    double ListenedSeconds,
    int Unasked,
    int Zeros,
    IReadOnlyDictionary<byte, (int Asked, int Answered)> MasterQuestions,
    string? Talker,
    string? Configured,
    string? Settings,
    IReadOnlyList<string> Tried,
    IReadOnlyList<SlaveEvidence> Slaves);
