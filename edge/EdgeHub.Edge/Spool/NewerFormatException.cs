namespace EdgeHub.Edge.Spool;

/// <summary>
/// A file of the spool was written by a newer program. Nothing was touched; the daemon stops with exit code 3, because an
/// older program that guesses at a newer format destroys what it does not understand.
/// </summary>
#pragma warning disable CA1032 // It always says which file and which version.
public sealed class NewerFormatException(string file, uint version, uint known)
#pragma warning restore CA1032
    : Exception($"{file} has format version {version}; this program knows up to {known}. Nothing was changed. Install the program that wrote it, or a newer one.")
{
    /// <summary>What the daemon exits with.</summary>
    public const int ExitCode = 3;

    public string File => file;

    public uint Version => version;
}
