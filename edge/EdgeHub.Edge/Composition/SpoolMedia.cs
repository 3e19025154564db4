using EdgeHub.Edge.Spool;
using EdgeHub.Edge.Spool.Media;
using EdgeHub.Edge.Spool.Wear;

namespace EdgeHub.Edge.Composition;

/// <summary>The real directories of a spool's media.</summary>
static class SpoolMedia
{
    const int InputOutputError = 5; // EIO
    const int ReadOnlyFileSystem = 30; // EROFS

    /// <param name="written">Counts what is written to the first medium.</param>
    public static MediaSetup Of(EdgeOptions options, WrittenBytes written)
    {
        var first = options.Spool.Directory;
        var isBegun = false;
        return options.Spool.Mirror is { } mirror
            ? new MediaSetup(options.Gateway.Id, OpenFirst, mirror, () => OpenSecond(first, mirror.Directory))
            : new MediaSetup(options.Gateway.Id, OpenFirst, null, () => throw new InvalidOperationException("There is no second medium."));

        // Made at the start only: a medium that goes later leaves an empty mount point behind.
        IDisk OpenFirst()
        {
            try
            {
                return isBegun ? PosixDisk.OpenExisting(first, written) : new PosixDisk(first) { Written = written };
            }
            finally
            {
                isBegun = true;
            }
        }
    }

    /// <summary>One process at a time. A first medium that cannot be written is no reason not to start when there is a second.</summary>
    public static SpoolLock? Lock(SpoolOptions options)
    {
        try
        {
            new PosixDisk(options.Directory).Dispose();
            return SpoolLock.Take(options.Directory, $"edgehub run, process {Environment.ProcessId}");
        }
        catch (IOException e) when (options.Mirror is not null && e.HResult is InputOutputError or ReadOnlyFileSystem)
        {
            return null;
        }
    }

    /// <exception cref="MediumException">It is not there, or is no second medium.</exception>
    public static PosixDisk OpenSecond(string first, string second)
    {
        if (!Directory.Exists(second))
            throw new MediumException(MediumCondition.Away, $"The second medium's directory {second} is not there: plug it in and mount it.");
        if (Directory.Exists(first) && PosixDisk.IsSameFileSystem(first, second))
            throw new MediumException(MediumCondition.Away, $"{second} lies on the same file system as {first}: the second medium is not mounted. Plug it in and mount it, or name a directory on it in spool.mirror.");
        return PosixDisk.OpenExisting(second);
    }
}
