namespace EdgeHub.Tests.Golden;

/// <summary>
/// Bytes that must never change. With EDGEHUB_WRITE_GOLDEN=1 a missing file is written into the source tree; an existing one never is.
/// </summary>
static class GoldenFile
{
    public static string PathOf(string name) => System.IO.Path.Combine(Repository.Root, "tests", "EdgeHub.Tests", "Golden", name);

    public static byte[] Read(string name) => File.ReadAllBytes(PathOf(name));

    public static void Check(string name, byte[] bytes)
    {
        if (!File.Exists(PathOf(name)) && Environment.GetEnvironmentVariable("EDGEHUB_WRITE_GOLDEN") == "1")
            File.WriteAllBytes(PathOf(name), bytes);
        Assert.True(File.Exists(PathOf(name)), $"the golden file {name} is missing; write it once with EDGEHUB_WRITE_GOLDEN=1 and commit it");
        Assert.Equal(Convert.ToHexString(Read(name)), Convert.ToHexString(bytes));
    }
}
