namespace EdgeHub.Tests;

/// <summary>Where the source tree lies: the nearest folder above the test program that holds the solution.</summary>
static class Repository
{
    public static string Root { get; } = Find();

    static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "EdgeHub.sln")))
                return folder.FullName;
        throw new InvalidOperationException("The tests run from inside the source tree: no EdgeHub.sln lies above them.");
    }
}
