namespace EdgeHub.Hosting;

/// <summary>What the daemons tell their caller when they end.</summary>
public static class ExitCode
{
    public const int Ok = 0;

    /// <summary>A fault: the service manager may start again. Of <c>status</c>: running, but degraded.</summary>
    public const int Fault = 1;

    /// <summary>A wrong configuration or command line: starting again would not help. Of <c>status</c>: nothing answers.</summary>
    public const int BadConfiguration = 2;

    /// <summary>What lies on disk was written by a newer version; nothing of it was touched.</summary>
    public const int NewerFormat = 3;
}
