namespace EdgeHub.Tests.House;

/// <summary>The files of the working copy that these tests were built from, without what a build made.</summary>
static class SourceTree
{
    static readonly string[] Folders = ["edge", "cloud-bridge", "device-sims", "tests"];

    public static IReadOnlyList<SourceFile> Files(string pattern) =>
    [
        .. Folders.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), pattern, SearchOption.AllDirectories))
            .Select(path => (Path: path, Relative: Path.GetRelativePath(Repository.Root, path)))
            .Where(file => !file.Relative.Split('/').Any(part => part is "artifacts" or "bin" or "obj"))
            .Select(file => new SourceFile(file.Relative, File.ReadAllText(file.Path))),
    ];
}
