using EdgeHub.Hosting.Progress;

namespace EdgeHub.Edge.Sensors.Gpio;

/// <summary>The total in a file of the data directory.</summary>
public sealed class PosixTotalFile(string path) : TotalFile
{
    public override string Name => path;

    public static OpenTotal In(string directory) => sensor => new PosixTotalFile(Path.Combine(directory, sensor + ".total"));

    protected override byte[] ReadAll()
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
    }

    protected override Task WriteAsync(long offset, byte[] bytes) => Task.Run(() => DurableFile.Write(path, offset, bytes));
}
