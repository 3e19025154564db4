namespace EdgeHub.Simulation.Disk;

/// <summary>What a medium does wrong, operation by operation.</summary>
sealed class DiskFaults
{
    const int NoSpace = 28; // ENOSPC
    const int InputOutput = 5; // EIO
    const int ReadOnlyFileSystem = 30; // EROFS

    int cutIn;
    int failIn;
    int syncFailsIn;
    Action? cut;

    public bool IsFull { get; set; }

    /// <summary>Whether every operation fails.</summary>
    public bool Refuses { get; set; }

    /// <summary>Whether all but reading fails.</summary>
    public bool IsReadOnly { get; set; }

    /// <summary>Pulls the plug at the Nth operation from now.</summary>
    public void CutAt(int operation, Action pull) => (cutIn, cut) = (operation, pull);

    /// <summary>The Nth write from now fails.</summary>
    public void FailAt(int operation) => failIn = operation;

    /// <summary>The Nth sync from now fails.</summary>
    public void FailSyncAt(int operation) => syncFailsIn = operation;

    public void BehaveWell() => (IsFull, Refuses, IsReadOnly, cutIn, failIn, syncFailsIn) = (false, false, false, 0, 0, 0);

    public void Before(string operation, string name)
    {
        if (Refuses)
            throw Error(InputOutput, "input/output error");
        if (operation == "read")
            return;
        if (cutIn > 0 && --cutIn == 0)
        {
            cut!();
            throw Error(InputOutput, "no power");
        }

        if (IsReadOnly)
            throw Error(ReadOnlyFileSystem, "read-only file system");

        // A write into blocks that are there needs no space; LiteDB's file grows as it is written.
        if (IsFull && (operation == "create" || (operation == "write" && name.EndsWith(".db", StringComparison.Ordinal))))
            throw Error(NoSpace, "no space left on device");
        if (operation == "write" && failIn > 0 && --failIn == 0)
            throw Error(InputOutput, "input/output error");
        if (operation == "sync" && syncFailsIn > 0 && --syncFailsIn == 0)
            throw Error(InputOutput, "input/output error");
    }

    static IOException Error(int number, string text) => new(text, number);
}
