namespace EdgeHub.Edge.Finding.Doctor;

/// <summary>How one address took its questions.</summary>
/// <param name="IsExpected">It is configured, or was named.</param>
/// <param name="Asked">Questions.</param>
/// <param name="Checked">Answers with a right CRC, refusals among them.</param>
/// <param name="Twice">Of these, followed by a second whole answer to the one question.</param>
/// <param name="Foreign">Answers with a right CRC that bear another address.</param>
/// <param name="AnsweredBy">The address in the last of these.</param>
/// <param name="Garbled">Answers that do not check.</param>
/// <param name="GarbledOwn">Of these, such that begin with the address that was asked: the right speed, and spoiled after it.</param>
/// <param name="Zeros">Of these, such that are nothing but 00.</param>
/// <param name="Late">No answer in time, but one afterwards.</param>
/// <param name="Echoed">Questions that came back to the one who asked.</param>
/// <param name="Elsewhere">Settings of the line, other than the bus's, at which it answers; null where there are none.</param>
/// <param name="Sample">The last garbled answer in hexadecimal.</param>
public sealed record SlaveEvidence(
    byte Slave,
    bool IsExpected,
    int Asked = 0,
    int Checked = 0,
    int Twice = 0,
    int Foreign = 0,
    byte? AnsweredBy = null,
    int Garbled = 0,
    int GarbledOwn = 0,
    int Zeros = 0,
    int Late = 0,
    int Echoed = 0,
    string? Elsewhere = null,
    string Sample = "")
{
    /// <summary>Questions to which nothing came at all.</summary>
    public int Silent => Asked - Checked - Foreign - Garbled - Late;

    /// <summary>Whether anything ever came.</summary>
    public bool IsHeard => Silent < Asked;
}
